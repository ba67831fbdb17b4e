import { isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Fault } from '../fault.ts'
import { nearest } from '../nearest.ts'

/** One file's text while it is read: where its nodes stand, and what is wrong with them. */
export interface RuleText {
  readonly faults: Fault[]
  /** Notes a fault at a node, or `offset` characters into a text where these can be told apart in the file. */
  fault(node: unknown, path: string, found: string, allowed: string, offset?: number): void
}

export function createRuleText(file: string, text: string, lines: LineCounter): RuleText {
  const faults: Fault[] = []
  return {
    faults,
    fault(node, path, found, allowed, offset = 0) {
      const { line, col } = lines.linePos(positionOf(node, text, offset))
      faults.push({ path, origin: { kind: 'file', file, line, column: col }, found, allowed })
    },
  }
}

function positionOf(node: unknown, text: string, offset: number): number {
  const start = rangeStart(node)
  if (!isScalar(node) || typeof node.value !== 'string' || offset === 0) return start
  // Folded and escaped texts do not stand in the file as they are: their start has to do.
  for (const from of [start, start + 1]) {
    if (text.startsWith(node.value, from)) return from + offset
  }
  return start
}

const rangeStart = (node: unknown): number =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : 0

export interface Entry {
  readonly key: string
  readonly keyNode: unknown
  readonly node: Node | null
}

/** The entries of a map with text keys. */
export const entriesOf = (map: YAMLMap): Entry[] =>
  map.items.map((pair: Pair) => ({
    key: isScalar(pair.key) ? String(pair.key.value) : '?',
    keyNode: pair.key,
    node: (pair.value ?? null) as Node | null,
  }))

export const entryOf = (map: YAMLMap, key: string): Entry | null =>
  entriesOf(map).find((entry) => entry.key === key) ?? null

/** What a node is, in words, without telling its content. */
export function describeNode(node: unknown): string {
  if (isMap(node)) return 'a section'
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list'
  if (!isScalar(node) || node.value === null) return 'nothing'
  return typeof node.value === 'string' ? showName(node.value) : String(node.source ?? node.value)
}

const SHOWN_CHARACTERS = 80

/** A name or a value of a rule, short and on one line. */
export const showName = (name: string): string =>
  JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}...` : name)

/** The text of a scalar as the file spells it, so that `10.0` stays `10.0`; null when it is no scalar or null. */
export function textOf(node: unknown): string | null {
  if (!isScalar(node) || node.value === null || node.value === undefined) return null
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}

/** A scalar, or a list of them, as a list of nodes. */
export const itemsOf = (node: unknown): unknown[] => (isSeq(node) ? node.items : [node])

/** "one of a, b, c", after the likely meaning when there is one. */
export function suggest(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates)
  const all = candidates.length === 0 ? 'nothing here' : `one of ${candidates.join(', ')}`
  return near === null ? all : `${near}, perhaps; ${all}`
}
