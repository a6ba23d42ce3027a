"""Warm referrals: her consent, what may be sent, and the moves of a referral; pure."""
