package procedure

// Weight says how much a finding weighs.
type Weight string

// The weights.
const (
	Block Weight = "block" // the application cannot be sent
	Warn  Weight = "warn"  // it can, and those who decide will see it
	Fine  Weight = "ok"
)

// Finding is one thing that the running check of a form found.
type Finding struct {
	Level   Weight `json:"level"`
	Code    string `json:"code"`
	Field   string `json:"field,omitempty"` // path in the form: demands.plaque
	Message string `json:"message"`         // 中文
}
