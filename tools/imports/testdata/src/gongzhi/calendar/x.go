package calendar

import _ "go.temporal.io/sdk/client" // want `calendar must not import go.temporal.io/sdk/client`
