// Package records holds the commands that work on the record itself: migrate, rebuild, verify, and the first accounts.
// Every program of the platform that can reach the database has them.
package records

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/server"
	"gongzhi/store"
)

// Commands returns the commands. url is the database that is used when the command line names none; empty means the folder
// of --data.
func Commands(url string) []*cobra.Command {
	return []*cobra.Command{migrateCommand(url), rebuildCommand(url), verifyCommand(url), userCommand(url), unitCommand(url)}
}

// database is where a command that works on the record finds it: a data folder, or an address.
type database struct {
	data, url string // flags
	known     string // the address in the environment: it may hold a password and is never printed
}

func (d *database) flags(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&d.data, "data", "./data", "数据目录")
	c.Flags().StringVar(&d.url, "database", "", "数据库地址（代替 --data）：postgres://… 或 sqlite:/…")
	return c
}

func (d *database) address() (string, error) {
	if url := cmp.Or(d.url, d.known); url != "" {
		return url, nil
	}
	dir, err := filepath.Abs(d.data)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("数据目录 %s 打不开：%w", dir, err)
	}
	return "sqlite:" + filepath.Join(dir, "gongzhi.db"), nil
}

func (d *database) open(c *cobra.Command) (*store.Store, error) {
	url, err := d.address()
	if err != nil {
		return nil, err
	}
	return store.Open(c.Context(), store.Options{URL: url})
}

func migrateCommand(url string) *cobra.Command {
	d := database{known: url}
	return d.flags(&cobra.Command{Use: "migrate", Short: "把数据库升级到本程序的结构", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			url, err := d.address()
			if err != nil {
				return err
			}
			return store.Migrate(c.Context(), url)
		}})
}

func rebuildCommand(url string) *cobra.Command {
	d := database{known: url}
	return d.flags(&cobra.Command{Use: "rebuild", Short: "从记录重建全部页面数据", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := d.open(c)
			if err != nil {
				return err
			}
			r, err := s.Rebuild(c.Context())
			fmt.Fprintf(c.OutOrStdout(), "重建 %d 件办件、%d 条记录，用时 %s\n", r.Cases, r.Events, r.Took.Round(time.Millisecond))
			return errors.Join(err, s.Close())
		}})
}

func verifyCommand(url string) *cobra.Command {
	d := database{known: url}
	verify := &cobra.Command{Use: "verify", Short: "核验记录，不必相信我们"}
	verify.AddCommand(d.flags(&cobra.Command{Use: "case NUMBER", Short: "核验一件办件的记录链", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := d.open(c)
			if err != nil {
				return err
			}
			v, err := s.VerifyCase(c.Context(), args[0])
			if err == nil {
				err = report(c.OutOrStdout(), v)
			}
			return errors.Join(err, s.Close())
		}}))
	verify.AddCommand(voteCommand(), receiptCommand())
	return verify
}

func report(out io.Writer, v record.Verification) error {
	fmt.Fprintf(out, "办件 %s：%d 条记录，链尾 %s\n", v.Case, v.Events, v.Head)
	for _, b := range v.Broken {
		fmt.Fprintf(out, "  第 %d 条：%s\n", b.Seq, b.Why)
	}
	if !v.Whole() {
		return fmt.Errorf("记录被改动过：%d 处", len(v.Broken))
	}
	fmt.Fprintln(out, "记录完整，没有改动")
	return nil
}

// userCommand makes the first accounts of an installation; afterwards the console does.
func userCommand(url string) *cobra.Command {
	user := &cobra.Command{Use: "user", Short: "账号（首个管理员由此建立）"}
	d := database{known: url}
	var unit, role string
	add := d.flags(&cobra.Command{Use: "add LOGIN NAME", Short: "建立账号和岗位，密码从标准输入读取", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			password, err := io.ReadAll(io.LimitReader(c.InOrStdin(), 1<<10))
			if err != nil {
				return err
			}
			secret := strings.TrimRight(string(password), "\r\n")
			if err := server.CheckPassword(args[0], secret); err != nil {
				return err
			}
			hash, err := server.HashPassword(secret)
			if err != nil {
				return err
			}
			s, err := d.open(c)
			if err != nil {
				return err
			}
			err = s.CreateUser(c.Context(), record.User{ID: args[0], Name: args[1]}, hash)
			if err == nil {
				err = s.SavePost(c.Context(), record.Post{ID: args[0] + "-1", User: args[0], Unit: unit, Role: procedure.Role(role),
					RoleName: procedure.Role(role).Title(), From: time.Now().Format(time.DateOnly)})
			}
			return errors.Join(err, s.Close())
		}})
	add.Flags().StringVar(&unit, "unit", "", "单位编码")
	add.Flags().StringVar(&role, "role", string(procedure.Admin), "岗位")
	user.AddCommand(add)
	return user
}

// unitCommand makes the units of an installation.
func unitCommand(url string) *cobra.Command {
	d := database{known: url}
	unit := &cobra.Command{Use: "unit", Short: "单位"}
	unit.AddCommand(d.flags(&cobra.Command{Use: "add CODE NAME LEVEL [PARENT]", Short: "建立单位", Args: cobra.RangeArgs(3, 4),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := d.open(c)
			if err != nil {
				return err
			}
			u := record.Unit{Code: args[0], Name: args[1], Level: procedure.Level(args[2]), Path: "/" + args[0] + "/"}
			if u.Level == procedure.District {
				u.District = u.Code
			}
			if len(args) == 4 {
				var parent record.Unit
				if parent, err = s.Unit(c.Context(), args[3]); err == nil {
					u.Parent, u.Path = parent.Code, parent.Path+u.Code+"/"
					if u.District == "" {
						u.District = parent.District
					}
				}
			}
			if err == nil {
				err = s.SaveUnit(c.Context(), u)
			}
			return errors.Join(err, s.Close())
		}}))
	return unit
}
