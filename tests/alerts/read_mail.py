"""A received mail as another mail program reads it: Python's own parser, JSON on standard output."""
import email, email.policy, json, sys

with open(sys.argv[1], "rb") as mail:
    message = email.message_from_binary_file(mail, policy=email.policy.default)
parts = list(message.iter_parts())
leaves = [part for part in message.walk() if not part.is_multipart()]
print(json.dumps({
    "headers": {name.lower(): str(value) for name, value in message.items()},
    "from": message["From"].addresses[0].addr_spec,
    "to": [a.addr_spec for a in message["To"].addresses],
    "type": message.get_content_type(),
    "parts": [part.get_content_type() for part in parts],
    "images": [{
        "type": part.get_content_type(), "id": part["Content-ID"], "disposition": part.get_content_disposition(),
        "size": len(part.get_content()), "starts": part.get_content()[:24].hex(),
    } for part in leaves if part.get_content_maintype() == "image"],
    "text": message.get_body(("plain",)).get_content(),
    "html": message.get_body(("html",)).get_content(),
    "defects": [str(d) for part in message.walk() for d in part.defects],
}))
