"""Pages of organisations, people, rota, agreements, raids, times, and pending referrals."""
