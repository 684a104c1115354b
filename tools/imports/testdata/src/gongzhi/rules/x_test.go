package rules

import _ "gongzhi/store" // a test may join what the product keeps apart
