package web

import _ "gongzhi/rules" // want `web imports nothing of ours`
