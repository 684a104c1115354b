package rules

import (
	_ "gongzhi/calendar" // want `rules imports nothing of ours`
	_ "gongzhi/rules/cn"
	_ "net/http" // want `rules must not import net/http`
	_ "os"       // want `rules must not import os: os is forbidden in rules`
	_ "strings"
)
