"""What a message carries that is not text, by kind, in the Bot API's own shapes."""

from typing import Any

_FILE = {"file_id": "file", "file_unique_id": "unique"}
_CLIP = {**_FILE, "duration": 3}
_PICTURE = {**_FILE, "width": 90, "height": 90}
_PLACE = {"latitude": 12.5, "longitude": 104.5}
_PERSON = {"id": 77, "is_bot": False, "first_name": "Forwardedname"}

CONTENTS: dict[str, dict[str, Any]] = {
    "photo": {"photo": [_PICTURE], "caption": "Captionwords"},
    "voice": {"voice": _CLIP},
    "video": {"video": {**_PICTURE, "duration": 3}},
    "video_note": {"video_note": {**_CLIP, "length": 90}},
    "animation": {"animation": {**_PICTURE, "duration": 3}},
    "audio": {"audio": _CLIP},
    "document": {"document": {**_FILE, "file_name": "Filename.pdf"}},
    "sticker": {
        "sticker": {**_PICTURE, "type": "regular", "is_animated": False, "is_video": False}
    },
    "location": {"location": _PLACE},
    "venue": {
        "venue": {"location": _PLACE, "title": "Venuetitle", "address": "Venueaddress"},
        "location": _PLACE,
    },
    "contact": {"contact": {"phone_number": "+000000000", "first_name": "Contactname"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Pollquestion",
            "options": [{"persistent_id": "1", "text": "Polloption", "voter_count": 0}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "story": {"story": {"chat": {"id": 77, "type": "private"}, "id": 1}},
    "forwarded": {
        "text": "Forwardedwords",
        "forward_origin": {"type": "user", "date": 1, "sender_user": _PERSON},
    },
}
