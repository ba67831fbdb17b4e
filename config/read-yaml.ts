import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Fault, Origin } from './fault.ts'
import { showValue } from './fault.ts'
import { type Interpolated, interpolate, shieldReferences, unshieldReferences } from './interpolate.ts'
import type { ConfigKey } from './keys.ts'
import { nearest } from './nearest.ts'
import type { OpenSection } from './open-section.ts'

/** A value as the file spells it, ready to be checked. */
export interface YamlValue {
  readonly raw: unknown
  /** A `${NAME}` was replaced in it, so it is text whatever its type; `template` is what the file says. */
  readonly template: string | null
  readonly origin: Origin
}

export interface YamlSettings {
  /** By the path of their key. */
  readonly values: ReadonlyMap<string, YamlValue>
  /** `detectors`, `channels`, `routes` and `sources`, where they are given. */
  readonly open: ReadonlyMap<string, OpenSection>
  readonly faults: readonly Fault[]
}

/** Sections whose names are not fixed: others check what is in them. */
export const OPEN_SECTIONS = ['detectors', 'channels', 'routes', 'sources']

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the text of a configuration file; every fault of syntax, key and variable is collected, none is thrown. */
export function readYaml(text: string, file: string, keys: readonly ConfigKey[], env: Environment): YamlSettings {
  const lines = new LineCounter()
  const values = new Map<string, YamlValue>()
  const open = new Map<string, OpenSection>()
  const faults: Fault[] = []
  const known = new Map(keys.map((key) => [key.path, key]))
  const sections = new Set(keys.flatMap((key) => parents(key.path)))
  const originAt = (offset: number): Origin => {
    const at = lines.linePos(offset)
    return { kind: 'file', file, line: at.line, column: at.col }
  }
  const fault = (path: string, node: Node | null, found: string, allowed: string) =>
    faults.push({ path, origin: originAt(node?.range?.[0] ?? 0), found, allowed })

  const documents = parseAllDocuments(shieldReferences(text), {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  if ('empty' in documents) return { values, open, faults }
  const document: Document.Parsed = documents[0]
  for (const error of document.errors) {
    // The parser quotes the offending text in some messages; it may be a secret, so the code alone is told.
    faults.push({
      path: '',
      origin: originAt(error.pos[0]),
      found: `broken YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`,
      allowed: 'one well-formed YAML document without a key twice',
    })
  }
  if (documents.length > 1) fault('', documents[1].contents, 'a second document', 'one YAML document')
  const circular = circularAliases(document)
  for (const alias of circular)
    fault('', alias, 'an alias within what it refers to', 'an alias of what stands before it')
  if (document.errors.length + circular.length > 0 || document.contents === null) return { values, open, faults }

  const expand = (value: string): Interpolated => interpolate(unshieldReferences(value), env)

  const resolve = (node: unknown): Node | null => {
    const target = isAlias(node) ? node.resolve(document) : node
    return (target ?? null) as Node | null
  }

  const take = (node: Node | null, path: string): YamlValue | null => {
    const js: unknown = node?.toJS(document, { maxAliasCount: 100 }) ?? null
    const origin = originAt(node?.range?.[0] ?? 0)
    const missing = new Set<string>()
    const replace = (value: unknown): unknown => {
      if (typeof value === 'string') {
        const result = expand(value)
        for (const name of result.missing) missing.add(name)
        return result.text
      }
      if (Array.isArray(value)) return value.map(replace)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, replace(child)]))
    }
    const raw = replace(js)
    for (const name of missing) {
      fault(path, node, `\${${name}}, which is not set`, `a variable that is set, or \${${name}:-fallback}`)
    }
    if (missing.size > 0) return null
    const template = isScalar(node) && typeof js === 'string' && expand(js).changed ? unshieldReferences(js) : null
    return { raw, template, origin }
  }

  const walk = (map: YAMLMap, path: string): void => {
    for (const pair of map.items) {
      const keyNode = resolve(pair.key)
      const name = String(isScalar(keyNode) ? keyNode.value : '?')
      const here = path === '' ? name : `${path}.${name}`
      const node = resolve(pair.value)
      const empty = node === null || (isScalar(node) && node.value === null)
      if (OPEN_SECTIONS.includes(here)) {
        if (!empty) open.set(here, takeOpen(node, here))
      } else if (sections.has(here)) {
        if (isMap(node)) walk(node, here)
        else if (!empty) fault(here, node, describeNode(node), 'a section')
      } else if (known.has(here)) {
        // An empty value is a key that is not set.
        const value = empty ? null : take(node, here)
        if (value !== null) values.set(here, value)
      } else {
        const near = nearest(here, [...known.keys(), ...sections, ...OPEN_SECTIONS])
        fault(here, keyNode, 'an unknown key', near === null ? 'see docs/configuration.md' : `did you mean ${near}?`)
      }
    }
  }

  /** A whole section with the place and the spelling of everything in it. */
  const takeOpen = (section: Node | null, name: string): OpenSection => {
    const origins = new Map<string, Origin>()
    const keyOrigins = new Map<string, Origin>()
    const writtenOut = new Set<string>()
    const templates = new Map<string, string>()
    const read = (node: Node | null, path: string): unknown => {
      origins.set(path, originAt(node?.range?.[0] ?? 0))
      const below = (key: string) => (path === '' ? key : `${path}.${key}`)
      if (isMap(node)) {
        return Object.fromEntries(
          node.items.map((pair) => {
            const key = String(isScalar(pair.key) ? pair.key.value : '?')
            if (isScalar(pair.key)) keyOrigins.set(below(key), originAt(pair.key.range?.[0] ?? 0))
            return [key, read(resolve(pair.value), below(key))]
          }),
        )
      }
      if (isSeq(node)) return node.items.map((item, index) => read(resolve(item), below(String(index))))
      const value: unknown = isScalar(node) ? node.value : null
      if (typeof value !== 'string') return value
      const result = expand(value)
      if (result.changed) templates.set(path, unshieldReferences(value))
      else writtenOut.add(path)
      for (const missing of result.missing) {
        const where = path === '' ? name : `${name}.${path}`
        fault(where, node, `\${${missing}}, which is not set`, `a variable that is set, or \${${missing}:-fallback}`)
      }
      return result.text
    }
    const raw = read(section, '')
    const originOf = (path: string): Origin =>
      origins.get(path) ??
      (path === '' ? originAt(section?.range?.[0] ?? 0) : originOf(path.split('.').slice(0, -1).join('.')))
    return {
      raw,
      originOf,
      keyOriginOf: (path) => keyOrigins.get(path) ?? originOf(path),
      isWrittenOut: (path) => writtenOut.has(path),
      templateOf: (path) => templates.get(path) ?? null,
    }
  }

  const root = resolve(document.contents)
  if (isMap(root)) walk(root, '')
  else fault('', root, describeNode(root), 'sections with keys, such as `http:` with `port: 8080` below it')
  return { values, open, faults }
}

/** Aliases that stand within what they refer to: read as they are they would never end. */
function circularAliases(document: Document.Parsed): Alias[] {
  const circular: Alias[] = []
  visit(document, {
    Alias(_key, alias, above) {
      const target = alias.resolve(document)
      if (target !== undefined && above.includes(target)) circular.push(alias)
    },
  })
  return circular
}

const describeNode = (node: Node | null): string =>
  isScalar(node)
    ? typeof node.value === 'string'
      ? 'a text'
      : showValue(node.value)
    : isMap(node)
      ? 'a section'
      : 'a list'

function parents(path: string): string[] {
  const parts = path.split('.').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'))
}
