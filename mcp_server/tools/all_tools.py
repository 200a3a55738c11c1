"""The one list of tools, in the order in which they are shown."""

from collections.abc import Mapping
from typing import Final

from mcp_server.tool import Tool
from mcp_server.tools import crm, customers, orders, reports, stock

TOOLS: Final[Mapping[str, Tool]] = {
    tool.name: tool for room in (customers, orders, stock, crm, reports) for tool in room.TOOLS
}
