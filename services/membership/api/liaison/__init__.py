"""HTTP routes of liaison points, rotas, duties, visits and grids."""

from services.membership.api.liaison import duties, grids, points, publication, rotas, visits

routers = (
    points.commands,
    points.queries,
    rotas.commands,
    rotas.queries,
    duties.commands,
    publication.queries,
    visits.commands,
    visits.queries,
    grids.commands,
    grids.queries,
)
