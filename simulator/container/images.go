package container

import (
	"context"
	"maps"
	"slices"
)

// Images are those of the programs that machines run. The zero value has none
// yet: each is built and loaded when it is first wanted. They stay in the engine,
// where an equal one is found again.
type Images struct {
	tags map[string]string // by program
}

// Loaded are images that the engine has, by program, as Load returns them. With
// them another process need not build its own.
func Loaded(tags map[string]string) *Images { return &Images{tags: maps.Clone(tags)} }

// Load builds all the images and gives them to the engine, unless it has them.
// It returns their tags by program.
func (i *Images) Load() (map[string]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	e, err := connect(ctx)
	if err != nil {
		return nil, unlessRequired(err)
	}
	defer e.client.Close()
	for _, program := range slices.Sorted(maps.Keys(programs)) {
		if _, err := i.of(e, program); err != nil {
			return nil, err
		}
	}
	return maps.Clone(i.tags), nil
}

// of is the tag of the program's image.
func (i *Images) of(e *engine, program string) (string, error) {
	if tag := i.tags[program]; tag != "" {
		return tag, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), buildLimit)
	defer cancel()
	binary, err := build(ctx, program, e.arch)
	if err != nil {
		return "", err
	}
	tag, err := e.load(ctx, image{program, binary, e.arch})
	if err != nil {
		return "", err
	}
	if i.tags == nil {
		i.tags = map[string]string{}
	}
	i.tags[program] = tag
	return tag, nil
}
