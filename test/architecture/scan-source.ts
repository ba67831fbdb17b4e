import { posix } from 'node:path'
import { parseAst } from 'vitest/node'

/** What a module takes from outside itself. */
export interface SourceScan {
  /** Import specifiers as written, of values and of types alike. */
  readonly imports: readonly string[]
  /** Uses of the process, the clock and timers, such as `process.env` or `Date.now`. */
  readonly ambient: readonly string[]
  /** Members taken from vitest's functions, such as `it.only`. */
  readonly testModifiers: readonly string[]
}

const CLOCKS_AND_TIMERS = new Set(['setTimeout', 'setInterval'])
const AMBIENT_MODULES = new Set(['node:process', 'node:timers', 'node:timers/promises', 'process', 'timers'])
const TEST_FUNCTIONS = new Set(['describe', 'it', 'test', 'suite'])

interface AstNode {
  readonly type: string
  readonly [field: string]: unknown
}

export function scanSource(text: string, path: string): SourceScan {
  const imports: string[] = []
  const ambient: string[] = []
  const testModifiers: string[] = []
  const visit = (node: AstNode): void => {
    const source = isNode(node.source) ? node.source.value : undefined
    if (typeof source === 'string' && /^(Import|Export|TSImportType)/.test(node.type)) {
      imports.push(source)
      if (AMBIENT_MODULES.has(source)) ambient.push(source)
    }
    if (node.type === 'MemberExpression') {
      const [object, property] = [nameOf(node.object), nameOf(node.property)]
      if (object === 'process' || (object === 'globalThis' && property === 'process'))
        ambient.push(`process.${property}`)
      if (['Date.now', 'performance.now'].includes(`${object}.${property}`)) ambient.push(`${object}.${property}`)
      const root = rootOf(node)
      if (root !== null && TEST_FUNCTIONS.has(root)) testModifiers.push(property ?? '?')
    }
    if (node.type === 'CallExpression') {
      const callee = nameOf(node.callee)
      if (callee !== null && CLOCKS_AND_TIMERS.has(callee)) ambient.push(callee)
    }
    if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date') {
      if (Array.isArray(node.arguments) && node.arguments.length === 0) ambient.push('new Date()')
    }
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) child.filter(isNode).forEach(visit)
      else if (isNode(child)) visit(child)
    }
  }
  const program: unknown = parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }, path)
  if (isNode(program)) visit(program)
  return { imports, ambient, testModifiers }
}

/** The file a relative import of `from` means; null for a package. */
export const resolveImport = (from: string, specifier: string): string | null =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null

const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const nameOf = (node: unknown): string | null =>
  isNode(node) && node.type === 'Identifier' && typeof node.name === 'string' ? node.name : null

function rootOf(node: AstNode): string | null {
  let object: unknown = node.object
  while (isNode(object) && object.type === 'MemberExpression') object = object.object
  return nameOf(object)
}
