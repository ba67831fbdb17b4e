import { randomBytes } from 'node:crypto'
import { OWN_TOKEN_UID } from '../api/plugins/request-log.ts'
import type { Principal, TokenStore } from '../store/tokens.ts'

interface App {
  inject(request: {
    readonly url: string
    readonly headers: { readonly authorization: string }
    readonly remoteAddress: string
  }): Promise<{ json<Body>(): Body }>
}

interface AlertPage {
  readonly items?: readonly { readonly alert_uid: string; readonly org_uid: string; readonly actor_uid: string }[]
}

const WARMING_UP: Principal = { token_uid: OWN_TOKEN_UID, name: 'warm-up', role: 'viewer', org_uid: null }
const ROUNDS = 3
/** Not an address of anybody, so that nobody's limit of requests is used up. */
const REMOTE_ADDRESS = 'warm-up'

/** A warm-up of the routes that people look at, with a token of its own that nobody else can know. */
export interface WarmUp<Tokens> {
  /** As those given, and until the end of the warm-up its own. */
  readonly tokens: Tokens
  /**
   * Asks a few times for what analysts and Prometheus ask for, before anybody is let in: what runs for the first time is
   * read from disk and compiled, which takes half a second that the first requests, and all others meanwhile, would wait.
   * `scrape`: what a scrape of metrics does.
   */
  run(app: App, scrape: () => Promise<unknown>): Promise<void>
}

export function createWarmUp<Tokens extends Pick<TokenStore, 'verify'>>(tokens: Tokens): WarmUp<Tokens> {
  let secret: string | null = randomBytes(32).toString('base64url')
  return {
    tokens: {
      ...tokens,
      verify: (given) => (secret !== null && given === secret ? WARMING_UP : tokens.verify(given)),
    },
    async run(app, scrape) {
      const headers = { authorization: `Bearer ${secret}` }
      const get = async (url: string) => await app.inject({ url, headers, remoteAddress: REMOTE_ADDRESS })
      for (let round = 0; round < ROUNDS; round++) {
        const list = await get('/v1/alerts')
        const [alert] = list.json<AlertPage>().items ?? []
        if (alert !== undefined) {
          await get(`/v1/alerts/${encodeURIComponent(alert.alert_uid)}`)
          await get(`/v1/actors/${encodeURIComponent(alert.actor_uid)}?org=${encodeURIComponent(alert.org_uid)}`)
        }
        await scrape()
      }
      secret = null
    },
  }
}
