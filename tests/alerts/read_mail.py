"""A received mail as another mail program reads it: Python's own parser, JSON on standard output."""
import email, email.policy, json, sys

with open(sys.argv[1], "rb") as mail:
    message = email.message_from_binary_file(mail, policy=email.policy.default)
parts = list(message.iter_parts())
print(json.dumps({
    "headers": {name.lower(): str(value) for name, value in message.items()},
    "from": message["From"].addresses[0].addr_spec,
    "to": [a.addr_spec for a in message["To"].addresses],
    "type": message.get_content_type(),
    "parts": [part.get_content_type() for part in parts],
    "text": message.get_body(("plain",)).get_content(),
    "html": message.get_body(("html",)).get_content(),
    "defects": [str(d) for part in [message, *parts] for d in part.defects],
}))
