package procedure

// Sentence is a state said as a person would say it, in phrases of which some are strong.
type Sentence struct {
	Text  string   `json:"text"`
	Parts []Phrase `json:"parts"`
	Tone  Tone     `json:"tone"`
}

// Phrase is a part of a sentence.
type Phrase struct {
	Text   string `json:"text"`
	Strong bool   `json:"strong,omitempty"`
}

// Tone is how a sentence is coloured; the words alone must say the same.
type Tone string

// The tones.
const (
	ToneNormal Tone = "normal"
	ToneYellow Tone = "yellow" // 黄牌
	ToneRed    Tone = "red"    // 红牌
	TonePaused Tone = "paused" // 时钟已暂停
	ToneDone   Tone = "done"
)
