from . import access_view
from . import sale_order
