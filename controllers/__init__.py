from . import access_link
from . import access_session
from . import sale_order
