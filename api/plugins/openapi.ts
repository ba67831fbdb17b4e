import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'

const TOKEN = { type: 'http', scheme: 'bearer' } as const

/** The OpenAPI document at /openapi.json, made of the routes' own schemas, and a page to read it at /docs. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  // The page's own routes come from a plugin, so they cannot state their needs themselves.
  app.addHook('onRoute', (route) => {
    if (route.url === '/docs' || route.url.startsWith('/docs/')) route.config = { ...route.config, needs: 'public' }
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'crmwatch',
        version,
        description: 'Times are RFC 3339 in UTC. Lists are paged by cursor. Errors are RFC 9457 problem details.',
      },
      components: { securitySchemes: { token: TOKEN } },
      security: [{ token: [] }],
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'crmwatch API' },
    // The page's own policy, which is stricter than the API's, but for what would have it fetch its parts by HTTPS.
    staticCSP: true,
    transformStaticCSP: (policy) => policy.replace(/\s*upgrade-insecure-requests;?/, ''),
  })
  app.get('/openapi.json', { config: { needs: 'public' }, schema: { hide: true } }, async () => app.swagger())
}

/**
 * Documents a body that a route reads by itself. It stands in the document alone: as the route's schema it would be
 * held against the raw bytes.
 */
export function documentBody(content: Readonly<Record<string, TSchema>>) {
  const documented = Object.entries(content).map(([mediaType, schema]) => [mediaType, { schema }])
  return ({ schema, url }: { schema: FastifySchema; url: string }) => ({
    schema: { ...schema, body: { content: Object.fromEntries(documented) } },
    url,
  })
}
