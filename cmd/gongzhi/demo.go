package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gongzhi/calendar"
	"gongzhi/demo"
)

func demoCommand() *cobra.Command {
	var base string
	c := &cobra.Command{Use: "demo", Short: "在运行中的演示里演一遍"}
	c.PersistentFlags().StringVar(&base, "url", "http://127.0.0.1:8080", "运行中的 gongzhi up --demo 的地址")
	var to string
	jump := &cobra.Command{Use: "jump", Short: "把演示时间快进到下一个期限", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			who, err := demo.SignIn(c.Context(), base, "ops.bai", demo.Password)
			if err != nil {
				return err
			}
			var now struct{ Now time.Time }
			if err := who.Do(c.Context(), "POST", "/clock/jump", map[string]string{"to": to}, &now); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), "演示时间："+now.Now.In(calendar.Zone).Format("2006-01-02 15:04"))
			return nil
		}}
	jump.Flags().StringVar(&to, "to", "next", "next，或 2026-09-28T15:00:00+08:00")
	c.AddCommand(&cobra.Command{Use: "admission", Short: "社区工作准入：从申请到退出，以及被负面清单拦下的反例", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return demo.Admission(c.Context(), base, c.OutOrStdout())
		}}, &cobra.Command{Use: "consent", Short: "改造事项表决：听雨花园一次通过、一次差一人未通过，槐荫社区恰好四分之三", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return demo.Consent(c.Context(), base, c.OutOrStdout())
		}}, jump)
	return c
}
