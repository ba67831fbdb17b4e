/**
 * What a further page of a query adds to the query's first row, which stands apart from it: nothing where it repeats the
 * whole query's number, for the first row has told that already; without a number neither has.
 */
export const onFurtherPage = (rowsOfQuery: number | null): number | null => (rowsOfQuery === null ? null : 0)
