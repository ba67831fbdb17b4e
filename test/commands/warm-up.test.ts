import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { buildApp } from '../../api/app.ts'
import { DEFAULT_API_LIMITS } from '../../api/options.ts'
import { createWarmUp } from '../../commands/warm-up.ts'
import { createHarness, NOW } from '../api/harness.ts'

test('asks for what people look at, with a token that ends with it', async () => {
  await using harness = await createHarness()
  const warmUp = createWarmUp(harness.services.tokens)
  const registry = new Registry()
  const requestsMeasured = async () =>
    (await registry.getSingleMetricAsString('crmwatch_http_request_seconds')).match(/_count.* (\d+)/)?.[1]
  const app = await buildApp(
    { ...harness.services, registry, tokens: warmUp.tokens },
    {
      version: 'test',
      now: () => NOW,
      language: 'en',
      defaultOrg: 'default',
      instanceId: 'test',
      logger: null,
      trustProxy: false,
      limits: DEFAULT_API_LIMITS,
    },
  )
  const asked: { readonly url: string; readonly status: number; readonly authorization: string }[] = []
  let scrapes = 0
  type App = Parameters<typeof warmUp.run>[0]
  const watched: App = {
    inject: async (request) => {
      const answer = await app.inject(request)
      asked.push({ url: request.url, status: answer.statusCode, authorization: request.headers.authorization })
      return answer
    },
  }
  await warmUp.run(watched, async () => scrapes++)
  expect(scrapes).toBeGreaterThan(0)
  // The harness knows nobody in the tenant of its newest alert.
  expect([...new Set(asked.map(({ status, url }) => `${status} ${url}`))]).toEqual([
    '200 /v1/alerts',
    '200 /v1/alerts/alert-acme',
    '404 /v1/actors/u-17?org=acme',
  ])

  expect(await requestsMeasured()).toBeUndefined()

  const { authorization } = asked[0]
  expect((await app.inject({ url: '/v1/alerts', headers: { authorization } })).statusCode).toBe(401)
  const headers = harness.auth('viewer')
  expect((await app.inject({ url: '/v1/alerts', headers })).statusCode).toBe(200)
  expect(await requestsMeasured()).toBe('1')
  await app.close()
})
