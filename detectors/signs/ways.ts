import type { Kind } from '../../model/event-batch.ts'

/** Actions that show or take records, and so are ways to reach them. */
const REACHES: ReadonlySet<Kind['action']> = new Set([
  'view',
  'copy',
  'export',
  'print',
  'download',
  'share',
  'bulk_read',
  'api_read',
])

/** The ways in which records are reached, as codes by kind of event. */
export interface Ways {
  /** The way of a kind of event, -1 for none: what is done, to what kind of object, by which channel; of an integration by which program too. */
  of(kind: number): number
}

export function createWays(kindOf: (code: number) => Kind): Ways {
  const codes = new Map<string, number>()
  const known: number[] = []
  const codeOf = (kind: Kind): number => {
    if (kind.excluded || !REACHES.has(kind.action)) return -1
    const program = kind.actor_type === 'user' ? null : programOf(kind.client_app)
    const text = JSON.stringify([kind.action, kind.object_type, kind.channel, program])
    const code = codes.get(text) ?? codes.size
    codes.set(text, code)
    return code
  }
  return {
    of(kind) {
      while (known.length <= kind) known.push(codeOf(kindOf(known.length)))
      return known[kind]
    },
  }
}

/** A program's name without its version, which changes with every update. */
const programOf = (clientApp: string | null): string | null => clientApp?.replace(/[\d.]+/g, '') ?? null
