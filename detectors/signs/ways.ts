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

/** The ways in which records are reached, as codes. */
export interface Ways {
  /**
   * The way of a kind of event that a program sends (-1: not known which), -1 for none: what is done, to what kind of
   * object, by which channel and program; of an integration also as which application.
   */
  of(kind: number, program: number): number
}

const NO_WAY = -1

export function createWays(kindOf: (code: number) => Kind): Ways {
  const codes = new Map<string, number>()
  /** By kind, of each program; null of kinds that are none. */
  const known: (Map<number, number> | null)[] = []
  const codeOf = (kind: Kind, program: number): number => {
    const application = kind.actor_type === 'user' ? null : applicationOf(kind.client_app)
    const text = JSON.stringify([kind.action, kind.object_type, kind.channel, application, program])
    const code = codes.get(text) ?? codes.size
    codes.set(text, code)
    return code
  }
  const isWay = ({ excluded, action }: Kind): boolean => !excluded && REACHES.has(action)
  return {
    of(kind, program) {
      while (known.length <= kind) known.push(isWay(kindOf(known.length)) ? new Map() : null)
      const ofKind = known[kind]
      if (ofKind === null) return NO_WAY
      let way = ofKind.get(program)
      if (way === undefined) {
        way = codeOf(kindOf(kind), program)
        ofKind.set(program, way)
      }
      return way
    },
  }
}

/** An application's name without its version, which changes with every update. */
const applicationOf = (clientApp: string | null): string | null => clientApp?.replace(/[\d.]+/g, '') ?? null
