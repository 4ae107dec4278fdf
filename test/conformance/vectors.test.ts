import { readdirSync, readFileSync } from 'node:fs'
import { VERIFIERS } from '../harness/verifiers.ts'
import { describeVectors } from './vector-suites.ts'

const folder = new URL('../vectors/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

describeVectors(new Map(files.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')])), VERIFIERS)
