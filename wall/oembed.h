// What another site needs to show a wall (oembed.com): the widget in a frame, by address.

#pragma once

#include "base/http_server.h"
#include "config/settings.h"

namespace vigie {

// ?url= the address of a wall or of one of its reviews; maxwidth and maxheight are kept to. 404: no wall of ours has
// that address. 501: a format other than JSON.
ServerReply oembed(const Settings& settings, const ServerRequest& request);

}  // namespace vigie
