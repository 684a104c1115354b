// Command gongzhi-worker carries the cases of a cluster.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"gongzhi/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "错误："+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cfg, err := app.Load(os.Getenv)
	if err != nil {
		return err
	}
	app.KeepMemory(ctx)
	a, err := app.New(ctx, cfg, app.Parts{Worker: true, Logger: slog.New(slog.NewJSONHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	fmt.Println("共治办理程序已启动")
	if a.Metrics != "" {
		fmt.Println("指标：http://" + a.Metrics + "/metrics")
	}
	return a.Run(ctx)
}
