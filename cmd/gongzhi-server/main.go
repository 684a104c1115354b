// Command gongzhi-server serves the API and the console of a cluster.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"gongzhi/app"
	"gongzhi/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "错误："+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	cfg, err := app.Load(os.Getenv)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "migrate":
		return store.Migrate(ctx, cfg.DatabaseURL)
	case len(args) > 0:
		return fmt.Errorf("用法：gongzhi-server [migrate]；设置见环境变量 %v", app.Variables())
	}
	a, err := app.New(ctx, cfg, app.Parts{Server: true, Logger: slog.New(slog.NewJSONHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	fmt.Println("共治接口：http://" + a.Addr)
	return a.Run(ctx)
}
