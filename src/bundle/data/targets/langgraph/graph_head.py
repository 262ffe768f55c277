"""The conversation as a graph: every step, every way on. How each kind of step works is in steps.py."""

from langgraph.graph import END, START, StateGraph

import steps
import tools

