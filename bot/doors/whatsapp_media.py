"""The form in which WhatsApp takes a recording before it is sent (Meta: "Upload media").

It could fetch a recording from our own server instead, but then takes it only under the one name
of its kind below, which browsers do not ask for.
"""

import secrets

KIND = "audio/ogg; codecs=opus"  # plain audio/ogg is refused


def form(content: bytes) -> tuple[bytes, str]:
    """The body that carries a recording (Ogg with Opus), and the body's own kind."""
    border = secrets.token_hex(16)
    fields = {"messaging_product": "whatsapp", "type": KIND}
    head = "".join(
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    file = (
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="sound.ogg"\r\n'
        f"Content-Type: {KIND}\r\n\r\n"
    )
    body = f"{head}{file}".encode() + content + f"\r\n--{border}--\r\n".encode()
    return body, f"multipart/form-data; boundary={border}"
