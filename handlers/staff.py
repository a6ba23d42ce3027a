"""People who work here: everything the doors and other handlers ask of accounts, in one place."""

from handlers.staff_accounts import CLOCKWORK, account, accounts_of, coordinators
from handlers.staff_changes import (
    grant_role,
    may_take_over,
    set_languages,
    set_locale,
    take_role,
)
from handlers.staff_chats import (
    addresses_of,
    chat_account,
    link_chat,
    new_link_code,
    unlink_chat,
    unlink_chats,
)
from handlers.staff_delays import network_of
from handlers.staff_demo import DemoPerson, demo_account, demo_link, forget_demo, redeem_demo
from handlers.staff_duty import end_shift, on_duty, start_shift, who_is_on_duty
from handlers.staff_factors import (
    add_passkey,
    asked_passkey,
    change_password,
    drop_passkeys,
    new_recovery_codes,
    passkey_options,
)
from handlers.staff_invites import (
    Acceptance,
    Accepted,
    Invited,
    accept,
    invite,
    look_at_invite,
    setup_code,
)
from handlers.staff_leaving import Ended, end_idle, off_board, resume, suspend
from handlers.staff_proofs import Assertion, Number, Proof, Recovery, Slow, Wrong
from handlers.staff_roles import NETWORK, PUBLISHING, READING
from handlers.staff_sessions import is_fresh, session_of, sign_out, with_device
from handlers.staff_signin import Attempt, Entered, Halfway, confirm, second_factor, sign_in
from handlers.staff_values import Account, Invite, SignedIn, StaffRefused, Why
from handlers.staff_votes import freeze, thaw, vouch
from privacy.second_factor import Site

__all__ = [
    "CLOCKWORK",
    "NETWORK",
    "PUBLISHING",
    "READING",
    "Acceptance",
    "Accepted",
    "Account",
    "Assertion",
    "Attempt",
    "DemoPerson",
    "Ended",
    "Entered",
    "Halfway",
    "Invite",
    "Invited",
    "Number",
    "Proof",
    "Recovery",
    "SignedIn",
    "Site",
    "Slow",
    "StaffRefused",
    "Why",
    "Wrong",
    "accept",
    "account",
    "accounts_of",
    "add_passkey",
    "addresses_of",
    "asked_passkey",
    "change_password",
    "chat_account",
    "confirm",
    "coordinators",
    "demo_account",
    "demo_link",
    "drop_passkeys",
    "end_idle",
    "end_shift",
    "forget_demo",
    "freeze",
    "grant_role",
    "invite",
    "is_fresh",
    "link_chat",
    "look_at_invite",
    "may_take_over",
    "network_of",
    "new_link_code",
    "new_recovery_codes",
    "off_board",
    "on_duty",
    "passkey_options",
    "redeem_demo",
    "resume",
    "second_factor",
    "session_of",
    "set_languages",
    "set_locale",
    "setup_code",
    "sign_in",
    "sign_out",
    "start_shift",
    "suspend",
    "take_role",
    "thaw",
    "unlink_chat",
    "unlink_chats",
    "vouch",
    "who_is_on_duty",
    "with_device",
]
