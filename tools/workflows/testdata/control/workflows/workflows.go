package workflows

import (
	"encoding/json"
	"math/rand"
	"time"

	"go.temporal.io/sdk/workflow"
)

func Clock(ctx workflow.Context) error { // want Clock is non-deterministic.*time.Now
	stamp()
	return nil
}

func stamp() time.Time { return time.Now() }

func Dice(ctx workflow.Context) error { // want Dice is non-deterministic.*math/rand
	rand.Int()
	return nil
}

func Walk(ctx workflow.Context, m map[string]int) error { // want Walk is non-deterministic.*iterates over map
	for range m {
	}
	return nil
}

func Spawn(ctx workflow.Context) error { // want Spawn is non-deterministic.*starts goroutine
	go func() {}()
	return nil
}

// Encode is excepted: see workflowcheck.yaml.
func Encode(ctx workflow.Context) error {
	text, err := json.Marshal(map[string]int{"a": 1})
	if err != nil {
		return err
	}
	var back map[string]int
	return json.Unmarshal(text, &back)
}
