//go:build !linux

package pool

func usageOf(int) Usage { return Usage{} }
