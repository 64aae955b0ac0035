"""How a study is computed: named random streams, blocks, processes."""
