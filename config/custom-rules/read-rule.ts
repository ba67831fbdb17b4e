import { type Document, isMap, isScalar, LineCounter, parseAllDocuments, visit, type YAMLMap } from 'yaml'
import { type Expression, RULE_LEVELS, type RuleLevel } from '../../model/custom-rule.ts'
import type { Fault } from '../fault.ts'
import { nearest } from '../nearest.ts'
import { type CorrelationDraft, type Named, readCorrelation } from './read-correlation.ts'
import { readDetection } from './read-detection.ts'
import {
  createRuleText,
  describeNode,
  entriesOf,
  entryOf,
  type RuleText,
  showName,
  suggest,
  textOf,
} from './rule-text.ts'

/** One document of a rule file, its references not yet followed. */
export interface RuleDraft {
  readonly text: RuleText
  readonly title: Named
  readonly name: Named | null
  readonly id: Named | null
  readonly level: RuleLevel
  readonly body:
    | { readonly kind: 'detection'; readonly where: Expression }
    | { readonly kind: 'correlation'; readonly correlation: CorrelationDraft }
}

export interface RuleFile {
  /** As the operator knows it. */
  readonly file: string
  readonly text: string
}

const MAX_TITLE_CHARACTERS = 256
const DEFAULT_LEVEL = 'medium'
/** Attributes of a rule. Others are an author's own and are passed over, unless they look like one of these misspelt. */
const ATTRIBUTES = [
  ...['title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'date'],
  ...['modified', 'logsource', 'detection', 'correlation', 'fields', 'falsepositives', 'level', 'tags', 'scope'],
  ...['generate'],
]
const UNSUPPORTED: Readonly<Record<string, string>> = {
  action: 'one complete rule per document',
  filter: 'the exclusion in the rule’s own condition: `selection and not filter`',
}

/** Reads all rules of a file. What is at fault is left out and told. */
export function readRuleFile({ file, text }: RuleFile): { readonly drafts: RuleDraft[]; readonly faults: Fault[] } {
  const lines = new LineCounter()
  const rules = createRuleText(file, text, lines)
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const drafts: RuleDraft[] = []
  const isEmpty = (document: Document.Parsed) =>
    document.errors.length === 0 &&
    (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
  // A file that was cut short or never filled would else pass for one whose rules are watched.
  if (documents.every(isEmpty)) {
    const found = text.trim() === '' ? 'an empty file' : 'a file without a rule'
    rules.fault(null, '', found, 'a rule: title, and detection or correlation')
  }
  for (const document of documents) {
    for (const error of document.errors) {
      const found = `broken YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`
      rules.fault({ range: error.pos }, '', found, 'well-formed YAML documents without a key twice')
    }
    if (document.errors.length > 0 || hasAliases(rules, document)) continue
    if (document.contents === null || isEmpty(document)) continue
    if (!isMap(document.contents)) {
      rules.fault(document.contents, '', describeNode(document.contents), 'a rule: title, and detection or correlation')
      continue
    }
    const draft = readRule(rules, document.contents)
    if (draft !== null) drafts.push(draft)
  }
  return { drafts, faults: rules.faults }
}

/** YAML's own aliases let a short file unfold into a huge one, and no published rule uses them. */
function hasAliases(text: RuleText, document: Document.Parsed): boolean {
  let found = false
  visit(document, {
    Alias(_, node) {
      text.fault(node, '', 'a YAML alias', 'the value written out')
      found = true
      return visit.BREAK
    },
  })
  return found
}

function readRule(text: RuleText, map: YAMLMap): RuleDraft | null {
  const before = text.faults.length
  for (const { key, keyNode } of entriesOf(map)) {
    if (ATTRIBUTES.includes(key)) continue
    const instead = UNSUPPORTED[key]
    const near = nearest(key, ATTRIBUTES)
    if (instead !== undefined) text.fault(keyNode, key, `${key}, which is not supported`, instead)
    else if (near !== null) text.fault(keyNode, key, 'an unknown key', `${near}, perhaps; or a name less like it`)
  }
  const title = readTitle(text, map)
  const level = readLevel(text, map)
  const body = readBody(text, map)
  if (title === null || level === null || body === null || text.faults.length > before) return null
  return { text, title, name: readName(map, 'name'), id: readName(map, 'id'), level, body }
}

function readTitle(text: RuleText, map: YAMLMap): Named | null {
  const entry = entryOf(map, 'title')
  const name = textOf(entry?.node)
  if (name !== null && name.trim() !== '' && name.length <= MAX_TITLE_CHARACTERS) {
    return { name, node: entry?.node, path: 'title' }
  }
  const found =
    name !== null && name.length > MAX_TITLE_CHARACTERS ? `${name.length} characters` : describeNode(entry?.node)
  text.fault(
    entry?.node ?? entry?.keyNode ?? map,
    'title',
    found,
    `a text of at most ${MAX_TITLE_CHARACTERS} characters`,
  )
  return null
}

function readName(map: YAMLMap, key: string): Named | null {
  const entry = entryOf(map, key)
  const name = textOf(entry?.node)
  return name === null || name === '' ? null : { name, node: entry?.node, path: key }
}

function readLevel(text: RuleText, map: YAMLMap): RuleLevel | null {
  const entry = entryOf(map, 'level')
  if (entry === null) return DEFAULT_LEVEL
  const name = textOf(entry.node)
  const level = RULE_LEVELS.find((one) => one === name)
  if (level === undefined)
    text.fault(entry.node ?? entry.keyNode, 'level', describeNode(entry.node), suggest(name ?? '', RULE_LEVELS))
  return level ?? null
}

function readBody(text: RuleText, map: YAMLMap): RuleDraft['body'] | null {
  const detection = entryOf(map, 'detection')
  const correlation = entryOf(map, 'correlation')
  if (detection !== null && correlation !== null) {
    text.fault(
      correlation.keyNode,
      'correlation',
      'beside a detection',
      'one of them; a document of its own for the other',
    )
    return null
  }
  const entry = detection ?? correlation
  if (entry === null) {
    text.fault(map, '', 'neither detection nor correlation', 'one of them')
    return null
  }
  if (!isMap(entry.node)) {
    text.fault(entry.node ?? entry.keyNode, entry.key, describeNode(entry.node), 'a section')
    return null
  }
  if (detection !== null) {
    const where = readDetection(text, entry.node, 'detection')
    return where === null ? null : { kind: 'detection', where }
  }
  const draft = readCorrelation(text, entry.node, 'correlation')
  if (draft === null) return null
  const generate = draft.generate || entryOf(map, 'generate')?.node?.toString() === 'true'
  return { kind: 'correlation', correlation: { ...draft, generate } }
}

/** A rule's short name in findings and metrics: its `name`, or else its title, as one word. */
export const shortNameOf = (draft: RuleDraft): string =>
  (draft.name ?? draft.title).name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_.]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)

export const showRule = (draft: RuleDraft): string => showName((draft.name ?? draft.title).name)
