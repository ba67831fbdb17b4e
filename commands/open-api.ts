import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { buildApp } from '../api/app.ts'
import { DEFAULT_API_LIMITS } from '../api/options.ts'
import { type ApiServiceParts, createApiServices } from './api-services.ts'
import { listenFault } from './listen-fault.ts'
import { type GaugeParts, registerGauges } from './register-gauges.ts'
import { createWarmUp } from './warm-up.ts'

export interface ApiParts extends ApiServiceParts, Pick<GaugeParts, 'readProcess'> {
  readonly version: string
  readonly logger: Logger
}

export interface OpenApi {
  readonly app: Awaited<ReturnType<typeof buildApp>>
  readonly address: string
}

/** Builds the API over a running core, warms it up, and listens where the configuration says. */
export async function openApi(parts: ApiParts): Promise<OpenApi> {
  const { config, version, logger, registry, now } = parts
  const warmUp = createWarmUp(parts.tokens)
  const services = createApiServices({ ...parts, tokens: warmUp.tokens })
  registerGauges(registry, parts)
  const app = await buildApp(services, {
    version,
    now,
    defaultOrg: config.org.default,
    language: config.language,
    instanceId: randomBytes(6).toString('hex'),
    logger,
    trustProxy: false,
    limits: {
      ...DEFAULT_API_LIMITS,
      ingestBodyBytes: config.http.body_limit_bytes,
      requestsPerMinute: config.http.rate_limit_per_minute,
    },
  })
  await warmUp.run(app, () => registry.metrics())
  const { host, port } = config.http
  const address = await app.listen({ host, port }).catch((error: unknown) => {
    throw listenFault(error, host, port)
  })
  return { app, address }
}
