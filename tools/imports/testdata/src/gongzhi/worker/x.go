package worker

import (
	_ "gongzhi/activities"
	_ "gongzhi/store" // want `worker must not import gongzhi/store`
	_ "gongzhi/workflows"
)
