import { isLoopback } from '../../config/cross-checks.ts'
import type { PullSetting } from '../../config.ts'
import { type Authorization, createApiClient } from '../../ingest/sources/pull/api-client.ts'
import { createClientCredentials } from '../../ingest/sources/pull/client-credentials.ts'
import type { PullConnector } from '../../ingest/sources/pull/connector.ts'
import { createEspocrmAuthorization, createEspocrmConnector } from '../../ingest/sources/pull/connectors/espocrm.ts'
import { createHubspotConnector } from '../../ingest/sources/pull/connectors/hubspot.ts'
import { createOffice365Connector } from '../../ingest/sources/pull/connectors/office-365.ts'
import { createSalesforceConnector } from '../../ingest/sources/pull/connectors/salesforce.ts'
import type { After } from '../../ingest/sources/pull/deadline.ts'
import { createRequester } from '../../net/request.ts'
import type { LookUp } from '../../net/resolve-host.ts'
import { baseOf } from '../base-url.ts'

export interface ConnectorParts {
  readonly version: string
  readonly lookUp: LookUp
  readonly now: () => number
  readonly after: After
  /** Longest wait for an answer of an API, and for each further part of it. */
  readonly timeoutMs: number
  /** Ends the requests that are under way. */
  readonly ended: AbortSignal
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const LOOPBACK = ['127.0.0.0/8', '::1']
/** How late rows of each log appear, in minutes, unless the configuration says otherwise. */
const OVERLAPS = { 'salesforce-event-log-file': 360, dataverse: 120, hubspot: 30, espocrm: 10 } as const

/** Makes the connector of a source from its settings. */
export function createConnector(setting: PullSetting, parts: ConnectorParts): PullConnector {
  const { timeoutMs, ended, after, now } = parts
  const overlapMs = (setting.overlap_minutes ?? OVERLAPS[setting.adapter]) * MINUTE_MS
  const startMs = (setting.start_days ?? 1) * DAY_MS

  /** What is written into the configuration as loopback may be reached there; a name that leads there may not. */
  const requestTo = (base: URL) =>
    createRequester({
      lookUp: parts.lookUp,
      allowedNetworks: [...(setting.allow_networks ?? []), ...(isLoopback(base.hostname) ? LOOPBACK : [])],
      allowedBy: 'allow_networks',
      userAgent: `crmwatch/${parts.version}`,
      now,
    })
  const clientOf = (base: URL, authorization: Authorization) =>
    createApiClient({ request: requestTo(base), base, authorization, timeoutMs, ended, after })
  const credentials = (tokenUrl: URL, clientId: string, clientSecret: string, scope: string | null) =>
    createClientCredentials({
      tokenUrl,
      clientId,
      clientSecret,
      scope,
      request: requestTo(tokenUrl),
      timeoutMs,
      ended,
      after,
      now,
    })

  switch (setting.adapter) {
    case 'salesforce-event-log-file': {
      const base = baseOf(setting.url)
      const token = credentials(new URL('services/oauth2/token', base), setting.client_id, setting.client_secret, null)
      return createSalesforceConnector({
        interval: setting.interval ?? 'hourly',
        apiVersion: setting.api_version ?? '62.0',
        overlapMs,
        startMs,
        api: clientOf(base, token),
      })
    }
    case 'dataverse': {
      const base = baseOf(setting.url ?? 'https://manage.office.com')
      const login = baseOf(setting.login_url ?? 'https://login.microsoftonline.com')
      const tokenUrl = new URL(`${setting.tenant_id}/oauth2/v2.0/token`, login)
      const token = credentials(tokenUrl, setting.client_id, setting.client_secret, `${base.origin}/.default`)
      return createOffice365Connector({ tenantId: setting.tenant_id, overlapMs, startMs, api: clientOf(base, token) })
    }
    case 'hubspot': {
      const { token } = setting
      const bearer = { headers: async () => ({ authorization: `Bearer ${token}` }), renew: () => false }
      const api = clientOf(baseOf(setting.url ?? 'https://api.hubapi.com'), bearer)
      return createHubspotConnector({ feeds: setting.feeds ?? ['audit-logs'], overlapMs, startMs, api })
    }
    case 'espocrm': {
      const authorization = createEspocrmAuthorization(setting.api_key, setting.secret_key ?? null)
      return createEspocrmConnector({ overlapMs, startMs, api: clientOf(baseOf(setting.url), authorization) })
    }
  }
}
