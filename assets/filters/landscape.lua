-- Pages that lie across, for what blocks.lua has found to be of the class `landscape`. Quarto runs this after layout.lua
-- (`post-quarto`).

-- A section of Word's, as the reference document has its only one, which every page's header and footer come from.
local function section(across)
  local archive = assert(io.open("assets/reference.docx", "rb"))
  local content = archive:read("a")
  archive:close()
  for _, entry in ipairs(pandoc.zip.Archive(content).entries) do
    if entry.path == "word/document.xml" then
      local properties = entry:contents():match("<w:sectPr.*</w:sectPr>")
      if across then
        properties = properties:gsub('<w:pgSz w:w="(%d+)" w:h="(%d+)"/>', '<w:pgSz w:w="%2" w:h="%1" w:orient="landscape"/>')
      end
      -- In a paragraph that takes no room.
      local spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
      return pandoc.RawBlock("openxml", "<w:p><w:pPr>" .. spacing .. properties .. "</w:pPr></w:p>")
    end
  end
end

local function is_turned(block)
  return block and block.t == "Div" and block.classes:includes("turned")
end

-- A table that this quarter lacks, or what another format has, may leave an empty block.
local is_empty
function is_empty(blocks)
  return #blocks:filter(function(block)
    return not (block.t == "Div" and is_empty(block.content))
  end) == 0
end

-- Of either engine, in any format.
local function is_page_break(block)
  local text = block and block.t == "RawBlock" and block.text or ""
  return text:match('w:type="page"') or text:match("page%-?break")
end

-- `follows`: whether nothing upright stands before it.
local function across(content, follows)
  if FORMAT:match("typst") then
    local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#page(flipped: true)[") })
    blocks:extend(content)
    blocks:insert(pandoc.RawBlock("typst", "]"))
    return blocks
  end
  if FORMAT:match("docx") then
    local blocks = pandoc.Blocks(follows and {} or { section(false) })
    blocks:extend(content)
    blocks:insert(section(true))
    return blocks
  end
  return { pandoc.Div(content, pandoc.Attr("", { "across" })) }
end

-- One after the other, they share pages. Such a page begins and ends by itself: a page break beside it would make an
-- empty one.
local function pages_across(blocks)
  if not blocks:find_if(is_turned) then
    return nil
  end
  blocks = blocks:filter(function(block)
    return not (is_turned(block) and is_empty(block.content))
  end)
  local written, content, after = pandoc.Blocks({}), nil, false
  for at, block in ipairs(blocks) do
    if is_turned(block) then
      content = content or pandoc.Blocks({})
      content:extend(block.content)
    elseif not (after and is_page_break(block)) then
      written:insert(block)
      after = false
    end
    if content and not is_turned(blocks[at + 1]) then
      while is_page_break(written[#written]) do
        written:remove(#written)
      end
      written:extend(across(content, after))
      content, after = nil, true
    end
  end
  return written
end

return { { Blocks = pages_across } }
