// Command gongzhi is everything in one process: engine, database, workers, API and console on one folder.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"gongzhi/cmd/internal/records"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := &cobra.Command{Use: "gongzhi", Short: "共治：社区治理事项的流程平台", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(append(records.Commands(""), upCommand(), demoCommand())...)
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "错误："+err.Error())
		stop()
		os.Exit(1)
	}
}
