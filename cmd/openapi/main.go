// Command openapi prints the OpenAPI document of the API. It needs neither a database nor an engine.
package main

import (
	"fmt"
	"os"

	"gongzhi/server"
)

func main() {
	document, err := server.Document()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if _, err := os.Stdout.Write(append(document, '\n')); err != nil {
		os.Exit(1)
	}
}
