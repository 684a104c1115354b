package notify

import (
	_ "gongzhi/procedure"
	_ "gongzhi/server" // want `notify must not import gongzhi/server`
)
