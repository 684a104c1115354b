package ops

import (
	_ "gongzhi/procedure"
	_ "gongzhi/server" // want `ops must not import gongzhi/server`
)
