package ballot

import (
	_ "gongzhi/procedure"
	_ "gongzhi/server" // want `ballot must not import gongzhi/server`
)
