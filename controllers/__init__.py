from . import access_link
from . import access_preview
from . import access_session
from . import access_verification
from . import access_view
from . import sale_order
from . import statement
