import type { Catalogue } from '../messages/catalogue.ts'
import { presentAlert } from './present.ts'
import type { AlertStream, AlertStreamEvent } from './services.ts'

/** What a stream client is sent; `data` is JSON text. */
export interface FeedMessage {
  readonly id?: string
  readonly event: AlertStreamEvent['type'] | 'stream.gap'
  readonly data: string
}

export interface FeedClient {
  /** Ends when the client is closed. */
  messages(): AsyncGenerator<FeedMessage>
  close(): void
}

export interface ConnectOptions {
  readonly token_uid: string
  /** Null for all tenants. */
  readonly org: string | null
  readonly lastEventId: string | null
  /** Called once when the client reads too slowly, or its token is revoked: its connection is to be cut. */
  readonly cut: () => void
}

export interface FeedOptions {
  readonly instanceId: string
  /** In which alerts explain themselves. */
  readonly words: Catalogue
  readonly maxClients: number
  readonly maxClientsPerToken: number
  readonly maxQueued: number
  readonly history: number
  readonly onChange: (clients: number) => void
  readonly onDropped: () => void
}

export type AlertFeed = ReturnType<typeof createAlertFeed>

interface Entry {
  readonly id: number
  readonly org: string
  readonly message: FeedMessage
}

interface Connection {
  readonly token_uid: string
  offer(entry: Entry): void
  cut(): void
  close(): void
}

/**
 * Spreads the alert stream over its clients. The newest events are kept for clients that come back; each client has
 * a queue of its own, and one whose queue is full is cut off rather than buffered for without end. It can come back
 * with Last-Event-ID, and is told by `stream.gap` when what it missed is no longer there and lists must be read anew.
 */
export function createAlertFeed(stream: AlertStream, options: FeedOptions) {
  const connections = new Set<Connection>()
  const history: Entry[] = []
  const unsubscribe = stream.subscribe((event) => {
    const entry = entryOf(event, options)
    history.push(entry)
    if (history.length > options.history) history.shift()
    for (const connection of connections) connection.offer(entry)
  })

  const clientsOf = (token_uid: string) => [...connections].filter((one) => one.token_uid === token_uid).length

  /** Null when there are as many clients as there may be, of all or of the token. */
  function connect({ token_uid, org, lastEventId, cut }: ConnectOptions): FeedClient | null {
    if (connections.size >= options.maxClients || clientsOf(token_uid) >= options.maxClientsPerToken) return null
    const visible = (entry: Entry) => org === null || entry.org === org
    const queue = missedSince(lastEventId)
      .filter((entry) => !('id' in entry) || visible(entry))
      .map(messageOf)
    let wake: () => void = () => undefined
    let open = true
    const connection: Connection = {
      token_uid,
      offer(entry) {
        if (!visible(entry)) return
        if (queue.length >= options.maxQueued) {
          options.onDropped()
          this.cut()
          return
        }
        queue.push(entry.message)
        wake()
      },
      cut() {
        this.close()
        cut()
      },
      close() {
        open = false
        if (connections.delete(connection)) options.onChange(connections.size)
        wake()
      },
    }
    connections.add(connection)
    options.onChange(connections.size)
    return {
      async *messages() {
        while (open) {
          const next = queue.shift()
          if (next !== undefined) yield next
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      },
      close: () => connection.close(),
    }
  }

  function missedSince(lastEventId: string | null): (Entry | { message: FeedMessage })[] {
    if (lastEventId === null) return []
    const [instance, number] = lastEventId.split('-')
    const last = Number(number)
    const newest = history.at(-1)?.id
    const known = instance === options.instanceId && /^\d{1,15}$/.test(number ?? '') && newest !== undefined
    // The event after the last one seen must still be here, or nothing may have been missed at all.
    if (known && last <= newest && last >= history[0].id - 1) return history.filter((entry) => entry.id > last)
    return [{ message: { event: 'stream.gap', data: '{}' } }]
  }

  return {
    connect,
    /** Cuts the connections that a token opened; for its revocation. */
    cutToken(token_uid: string): void {
      for (const connection of connections) if (connection.token_uid === token_uid) connection.cut()
    },
    close(): void {
      unsubscribe()
      for (const connection of connections) connection.close()
    },
  }
}

const messageOf = ({ message }: { message: FeedMessage }): FeedMessage => message

function entryOf(event: AlertStreamEvent, { instanceId, words }: FeedOptions): Entry {
  const message = {
    id: `${instanceId}-${event.id}`,
    event: event.type,
    data: JSON.stringify(presentAlert(event.alert, words)),
  }
  return { id: event.id, org: event.alert.org_uid, message }
}
