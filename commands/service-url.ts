/** Where a service's API has `path` (without a slash before it), when it listens at `base`, which may be a prefix of a proxy. */
export const serviceUrl = (base: string, path: string): URL => new URL(path, base.endsWith('/') ? base : `${base}/`)
