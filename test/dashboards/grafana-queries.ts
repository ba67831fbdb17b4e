/** What the tests read of a dashboard's JSON. */
export interface GrafanaDashboard {
  readonly uid: string
  readonly panels: readonly {
    readonly id: number
    readonly type: string
    readonly title?: string
    readonly description?: string
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
    readonly targets?: readonly { readonly expr: string; readonly refId: string }[]
  }[]
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] }
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: string }[]
  }
}

export interface NamedQuery {
  /** Where it stands: `dashboard / panel / letter`. */
  readonly name: string
  readonly expr: string
}

/** Every query of a dashboard: panels' and annotations' as they stand, variables' as the series they look for. */
export function queriesOf({ uid, panels, annotations, templating }: GrafanaDashboard): NamedQuery[] {
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, refId }) => ({ name: `${uid} / ${title} / ${refId}`, expr })),
  )
  const ofAnnotations = annotations.list.map(({ name, expr }) => ({ name: `${uid} / mark / ${name}`, expr }))
  const ofVariables = templating.list.flatMap(({ name, type, query }) => {
    if (type === 'datasource') return []
    const metric = /^label_values\((\w+), \w+\)$/.exec(query)?.[1]
    if (metric === undefined) throw new Error(`${uid}: the variable ${name} is no label_values(metric, label)`)
    return [{ name: `${uid} / variable / ${name}`, expr: metric }]
  })
  return [...ofPanels, ...ofAnnotations, ...ofVariables]
}

/** The query as Grafana would send it with everything chosen: its variables replaced. */
export const withoutVariables = (expr: string, rangeSeconds: number): string =>
  expr.replaceAll(/\$__(?:rate_interval|interval|range)\b/g, `${rangeSeconds}s`).replaceAll(/\$\{?[a-z_]+\}?/g, '.*')
