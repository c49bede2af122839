package main

// ParseLoad says what is wrong with the arguments of a load test.
func ParseLoad(args []string) error {
	_, err := parseLoad(args)
	return err
}
