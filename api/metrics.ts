import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type ApiMetrics = ReturnType<typeof createApiMetrics>

/** The API's own metrics; labels hold route patterns and codes, never what a client sent. */
export function createApiMetrics(registry: Registry) {
  const registers = [registry]
  return {
    requestSeconds: new Histogram({
      name: 'crmwatch_http_request_seconds',
      help: 'Time from a request to the end of its answer; without the stream.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    authFailures: new Counter({
      name: 'crmwatch_http_auth_failures_total',
      help: 'Requests without a token, with an invalid one, or with one whose role does not suffice; by reason.',
      labelNames: ['reason'] as const,
      registers,
    }),
    streamClients: new Gauge({
      name: 'crmwatch_stream_clients',
      help: 'Clients connected to the alert stream now.',
      registers,
    }),
    streamDropped: new Counter({
      name: 'crmwatch_stream_clients_dropped_total',
      help: 'Stream clients dropped because they read too slowly.',
      registers,
    }),
  }
}
