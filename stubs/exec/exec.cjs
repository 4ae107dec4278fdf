#!/usr/bin/env node
// npm scripts say `exec node …`, so that a signal to npm reaches the program: POSIX shells replace themselves by it.
// cmd.exe has no such word; there this runs the program and ends with its exit code.
const { spawnSync } = require('node:child_process')
const [program, ...args] = process.argv.slice(2)
const { status } = spawnSync(program === 'node' ? process.execPath : program, args, { stdio: 'inherit' })
process.exit(status ?? 1)
