from . import invoice_archive
from . import sale_order
