package storetest

import (
	_ "gongzhi/server" // want `store/storetest must not import gongzhi/server`
	_ "gongzhi/store"
)
