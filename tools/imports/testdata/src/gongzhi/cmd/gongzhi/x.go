package main

import _ "gongzhi/embedded"
