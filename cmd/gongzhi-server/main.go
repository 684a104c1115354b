// Command gongzhi-server serves the API and the console of a cluster, and holds the commands that work on its record.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gongzhi/app"
	"gongzhi/cmd/internal/records"
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
	root := &cobra.Command{
		Use: "gongzhi-server", Short: "共治：接口和页面", Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		Long: "没有子命令时启动接口和页面。设置取自环境变量（也可以用 名称_FILE 指向文件）：\n  " + strings.Join(app.Variables(), "\n  "),
		RunE: func(c *cobra.Command, _ []string) error {
			app.KeepMemory(c.Context())
			a, err := app.New(c.Context(), cfg, app.Parts{Server: true, Logger: slog.New(slog.NewJSONHandler(os.Stderr, nil))})
			if err != nil {
				return err
			}
			fmt.Println("共治接口：http://" + a.Addr)
			if a.Metrics != "" {
				fmt.Println("指标：http://" + a.Metrics + "/metrics")
			}
			return a.Run(c.Context())
		}}
	root.AddCommand(records.Commands(cfg.DatabaseURL)...)
	return root.ExecuteContext(ctx)
}
